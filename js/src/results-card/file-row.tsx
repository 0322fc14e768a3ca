import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { CopyButton } from "../lib/copy";
import { bytes } from "../lib/format";
import { Icon } from "../lib/icons";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { AssetRow, Download, ResultsState } from "../protocol";
import { downloadPercent, downloadText, iconOf, moving } from "./files";

interface FileRowProps {
  asset: AssetRow;
  download: Download | undefined;
  selected: boolean;
  previewed: boolean;
  commands: Commands<ResultsState>;
}

export function FileRow({ asset, download, selected, previewed, commands }: FileRowProps) {
  const { key, name, label, size } = asset;
  const icon = iconOf(asset);
  return (
    <li
      class={`oew-file${selected ? " oew-selected" : ""}`}
      data-key={key}
      data-download={download?.state ?? ""}
    >
      <Icon name={icon.name} label={icon.label} />
      <FileName asset={asset} selected={selected} commands={commands} />
      <span class="oew-sub oew-file-label">
        <Text>{label}</Text>
      </span>
      <span class="oew-sub oew-num oew-file-size">{size === null ? "" : bytes(size)}</span>
      <span class="oew-file-buttons">
        <TransferButton asset={asset} download={download} commands={commands} />
        {asset.previewable ? (
          <Button
            kind="quiet"
            icon="preview"
            label={`Preview ${name}`}
            expanded={previewed}
            disabled={commands.slot("preview", key).busy}
            onClick={() =>
              commands.send(previewed ? { kind: "close_preview" } : { kind: "preview", key })
            }
          />
        ) : (
          <span class="oew-button-gap" />
        )}
      </span>
      {download && <DownloadLine asset={asset} download={download} commands={commands} />}
      {["download", "cancel_download", "preview", "select"].map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind, key)} />
      ))}
    </li>
  );
}

type NameProps = Pick<FileRowProps, "asset" | "selected" | "commands">;

/** The name selects the file, which shows where it lies on the map. */
function FileName({ asset, selected, commands }: NameProps) {
  const { key, name, title, label, roles } = asset;
  const hover = [name, title === name ? "" : title, roles.join(", ")].filter(Boolean).join("\n");
  return (
    <span class="oew-file-name">
      <button
        type="button"
        class="oew-link"
        aria-pressed={selected}
        title={hover}
        onClick={() => commands.send({ kind: "select", key: selected ? "" : key })}
      >
        <Text>{name}</Text>
      </button>
      {title && title !== name && title !== label && (
        <span class="oew-sub oew-file-title">
          <Text>{title}</Text>
        </span>
      )}
    </span>
  );
}

type TransferProps = Pick<FileRowProps, "asset" | "download" | "commands">;

function TransferButton({ asset: { key, name }, download, commands }: TransferProps) {
  if (moving(download)) {
    return (
      <Button
        kind="quiet"
        icon="close"
        label={`Cancel download of ${name}`}
        disabled={commands.slot("cancel_download", key).busy}
        onClick={() => commands.send({ kind: "cancel_download", key })}
      />
    );
  }
  return (
    <Button
      kind="quiet"
      icon="download"
      label={`Download ${name}`}
      disabled={commands.slot("download", key).busy}
      onClick={() => commands.send({ kind: "download", key })}
    />
  );
}

/** How far a file is, or what came of it. */
function DownloadLine(props: TransferProps & { download: Download }) {
  const { download } = props;
  if (moving(download)) return <Filling {...props} />;
  if (download.state === "done") return <Arrived {...props} />;
  if (download.state === "failed") return <DownloadFailed {...props} />;
  return (
    <div class="oew-file-line">
      <span class="oew-sub">download canceled</span>
    </div>
  );
}

function Filling({ asset, download }: TransferProps & { download: Download }) {
  const percent = downloadPercent(download);
  const running = download.state === "running";
  return (
    <div class="oew-file-line">
      <div
        class="oew-bar"
        role="progressbar"
        aria-label={`Downloading ${asset.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === null ? undefined : Math.floor(percent)}
        aria-valuetext={downloadText(download)}
      >
        {percent === null ? (
          <span class={`oew-indeterminate${running ? " oew-moving" : ""}`} />
        ) : (
          <span style={{ width: `${percent}%` }} />
        )}
      </div>
      <span class="oew-sub oew-num">{downloadText(download)}</span>
    </div>
  );
}

function Arrived({ asset, download }: TransferProps & { download: Download }) {
  return (
    <div class="oew-file-line oew-arrived">
      <span class="oew-good">
        <Icon name="check" />
        {download.verified ? "verified" : "complete"}
      </span>
      <span class="oew-sub oew-mono oew-path" title={download.path}>
        <Text>{download.path}</Text>
      </span>
      {download.path && <CopyButton text={download.path} label={`Copy path of ${asset.name}`} />}
    </div>
  );
}

const NOT_TOLD = { message: "The download failed.", code: "", id: "", hint: "" };

function DownloadFailed({ asset, download, commands }: TransferProps & { download: Download }) {
  const { key, name } = asset;
  return (
    <div class="oew-file-line oew-download-failed">
      <ErrorText error={download.error ?? NOT_TOLD} />
      <Button
        label={`Retry download of ${name}`}
        disabled={commands.slot("download", key).busy}
        onClick={() => commands.send({ kind: "download", key })}
      >
        Retry
      </Button>
    </div>
  );
}
