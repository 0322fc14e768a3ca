import { useRef } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { useKeptFocus } from "../lib/focus";
import { bytes } from "../lib/format";
import { Icon } from "../lib/icons";
import { SlotMessage, Text } from "../lib/messages";
import type { AssetRow, Download, ResultsState } from "../protocol";
import { DownloadLine } from "./download-line";
import { arrived, iconOf, moving } from "./files";
import { SaveLine } from "./save-line";
import { type Saves, saving } from "./saves";

interface FileRowProps {
  asset: AssetRow;
  download: Download | undefined;
  selected: boolean;
  previewed: boolean;
  /** Whether its job was deleted, and it with it. */
  deleted: boolean;
  /** Whether it is the raster on the map; null where there is no map. */
  onMap: boolean | null;
  /** Whether it is one of several to download; null where there is nothing to choose from. */
  picked: boolean | null;
  onPick: () => void;
  saves: Saves;
  commands: Commands<ResultsState>;
}

const KINDS = [
  ...["download", "pause_download", "resume_download", "cancel_download"],
  ...["opening_line", "preview", "select", "raster_show"],
];

export function FileRow(props: FileRowProps) {
  const { asset, download, deleted, selected, picked, onPick, saves, commands } = props;
  const { key, name, label, size } = asset;
  const icon = iconOf(asset);
  const row = useRef<HTMLLIElement>(null);
  useKeptFocus(row, ".oew-link");
  return (
    <li
      ref={row}
      class={`oew-file${selected ? " oew-selected" : ""}`}
      data-key={key}
      data-download={download?.state ?? ""}
    >
      <span class="oew-file-mark">
        {picked !== null && (
          <input
            type="checkbox"
            aria-label={`Select ${name} for download`}
            checked={picked}
            onChange={onPick}
          />
        )}
        <Icon name={icon.name} label={icon.label} />
      </span>
      <FileName asset={asset} selected={selected} commands={commands} />
      <span class="oew-sub oew-file-label">
        <Text>{label}</Text>
      </span>
      <span class="oew-sub oew-num oew-file-size">{size === null ? "" : bytes(size)}</span>
      <FileButtons {...props} />
      {download && (
        <DownloadLine asset={asset} download={download} deleted={deleted} commands={commands} />
      )}
      <SaveLine id={key} name={name} saves={saves} />
      {KINDS.map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind, key)} />
      ))}
    </li>
  );
}

type NameProps = Pick<FileRowProps, "asset" | "selected" | "commands">;

/** The name selects the file, which shows where it lies on the map. */
function FileName({ asset, selected, commands }: NameProps) {
  const { key, name, title, label, roles, purpose } = asset;
  const hover = [name, title === name ? "" : title, roles.join(", ")].filter(Boolean).join("\n");
  return (
    <span class="oew-file-name">
      <button
        type="button"
        class="oew-link"
        aria-pressed={selected}
        aria-disabled={commands.gone ? "true" : undefined}
        title={hover}
        onClick={() => {
          if (!commands.gone) commands.send({ kind: "select", key: selected ? "" : key });
        }}
      >
        <Text>{name}</Text>
      </button>
      {title && title !== name && title !== label && (
        <span class="oew-sub oew-file-title">
          <Text>{title}</Text>
        </span>
      )}
      {purpose !== "data" && (
        <span class="oew-sub oew-file-title">
          <Text>{purpose}</Text>
        </span>
      )}
    </span>
  );
}

/** Three places, whatever is in them: a button that becomes another one keeps the focus. */
function FileButtons(props: FileRowProps) {
  const { asset, download, previewed, deleted, onMap, saves, commands } = props;
  const { key, name } = asset;
  const under = moving(download);
  const showable = asset.mappable && onMap !== null;
  return (
    <span class="oew-file-buttons">
      <TransferButton asset={asset} download={download} deleted={deleted} commands={commands} />
      {under ? (
        <Button
          kind="quiet"
          icon="close"
          label={`Cancel download of ${name}`}
          disabled={commands.blocked("cancel_download", key)}
          onClick={() => commands.send({ kind: "cancel_download", key })}
        />
      ) : (
        <Button
          kind="quiet"
          icon="computer"
          label={`Save ${name} to this computer`}
          disabled={commands.gone || saving(saves.get(key)) || (deleted && !arrived(download))}
          onClick={() => saves.file(key)}
        />
      )}
      {asset.previewable ? (
        <Button
          kind="quiet"
          icon="preview"
          label={`Preview ${name}`}
          expanded={previewed}
          disabled={commands.blocked("preview", key) || (deleted && !previewed)}
          onClick={() =>
            commands.send(previewed ? { kind: "close_preview" } : { kind: "preview", key })
          }
        />
      ) : (
        !showable && <span class="oew-button-gap" />
      )}
      {showable && (
        <MapButton asset={asset} shown={onMap === true} deleted={deleted} commands={commands} />
      )}
    </span>
  );
}

interface MapButtonProps extends Pick<FileRowProps, "asset" | "deleted" | "commands"> {
  shown: boolean;
}

function MapButton({ asset: { key, name }, shown, deleted, commands }: MapButtonProps) {
  return (
    <span class="oew-on-map">
      <Button
        kind="quiet"
        icon="map"
        label={`Show ${name} on the map`}
        expanded={shown}
        disabled={commands.blocked("raster_show", key) || (deleted && !shown)}
        onClick={() =>
          commands.send(shown ? { kind: "raster_hide" } : { kind: "raster_show", key })
        }
      />
    </span>
  );
}

type TransferProps = Pick<FileRowProps, "asset" | "download" | "deleted" | "commands">;

function TransferButton({ asset: { key, name }, download, deleted, commands }: TransferProps) {
  const paused = download?.state === "paused";
  const [kind, icon, label] = paused
    ? (["resume_download", "play", `Go on with download of ${name}`] as const)
    : moving(download)
      ? (["pause_download", "pause", `Pause download of ${name}`] as const)
      : (["download", "download", `Download ${name}`] as const);
  return (
    <Button
      kind="quiet"
      icon={icon}
      label={label}
      disabled={commands.blocked(kind, key) || (deleted && !moving(download))}
      onClick={() => commands.send({ kind, key })}
    />
  );
}
