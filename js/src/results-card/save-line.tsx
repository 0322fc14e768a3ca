/** How far a file on its way to the person's own computer is. */

import { Button } from "../lib/button";
import { bytes, bytesOf, plural } from "../lib/format";
import { Icon } from "../lib/icons";
import { ErrorText, Text } from "../lib/messages";
import { Bar } from "./download-line";
import { type Save, type SaveId, type Saves, saving } from "./saves";

interface SaveLineProps {
  id: SaveId;
  /** What it is, for buttons: the name of a file, or "the zip". */
  name: string;
  saves: Saves;
}

export function SaveLine({ id, name, saves }: SaveLineProps) {
  const save = saves.get(id);
  if (!save) return null;
  return (
    <div class="oew-file-line oew-save" data-save={save.state}>
      <Body id={id} name={name} save={save} saves={saves} />
      {saving(save) ? (
        <Button
          kind="quiet"
          icon="close"
          label={`Cancel saving ${name}`}
          onClick={() => saves.cancel(id)}
        />
      ) : (
        <Button
          kind="quiet"
          icon="close"
          label={`Dismiss what is said of saving ${name}`}
          onClick={() => saves.dismiss(id)}
        />
      )}
    </div>
  );
}

function Body({ id, name, save, saves }: SaveLineProps & { save: Save }) {
  if (saving(save)) return <Coming name={name} save={save} />;
  if (save.state === "failed" && save.error) return <ErrorText error={save.error} alert />;
  if (save.state === "opened") return <Opened id={id} save={save} saves={saves} />;
  if (save.state === "canceled") {
    return <span class="oew-sub oew-grow">saving to this computer canceled</span>;
  }
  return (
    <span class="oew-grow">
      <span class="oew-good">
        <Icon name="check" />
        to this computer
      </span>{" "}
      <span class="oew-sub">
        as <Text>{save.name}</Text>, {bytes(save.done)}
      </span>
      {save.missing.length > 0 && <Missing names={save.missing} />}
    </span>
  );
}

function Coming({ name, save }: { name: string; save: Save }) {
  const { done, total } = save;
  // Compressed, an archive is smaller than its files; of what is not known there is no part.
  const percent = total === null || total === 0 ? null : Math.min(100, (100 * done) / total);
  const amount = total === null || done > total ? bytes(done) : bytesOf(done, total);
  const text = save.state === "asking" ? "asking…" : `to this computer · ${amount}`;
  return (
    <>
      <Bar label={`Saving ${name} to this computer`} percent={percent} text={text} running />
      <span class="oew-sub oew-num">{text}</span>
    </>
  );
}

function Opened({ id, save, saves }: { id: SaveId; save: Save; saves: Saves }) {
  return (
    <>
      <span class="oew-sub oew-grow">
        to this computer: your browser fetches it from <Text>{save.host}</Text>
      </span>
      {save.fits && typeof id === "string" && (
        <Button
          label={`Nothing came? Fetch ${save.name} through the kernel`}
          disabled={saves.cutOff}
          onClick={() => saves.file(id, true)}
        >
          Nothing came?
        </Button>
      )}
    </>
  );
}

const MOST_NAMED = 5;

function Missing({ names }: { names: string[] }) {
  const more = names.length > MOST_NAMED ? ` and ${plural(names.length - MOST_NAMED, "more")}` : "";
  return (
    <p class="oew-error">
      <b>{plural(names.length, "file")} could not be read:</b>{" "}
      <Text>{names.slice(0, MOST_NAMED).join(", ")}</Text>
      {more}. ERRORS.txt in the zip says why.
    </p>
  );
}
