/** The boxes and lines in which a card says that something went wrong. */

import { Fragment } from "preact";
import type { ErrorInfo } from "../protocol";
import { LATE_TEXT, type SlotState } from "./commands";

/** Text of unknown direction and length, that must not disturb what stands around it. */
export function Text({ children }: { children: string }) {
  return <bdi class="oew-text">{children}</bdi>;
}

/** The parts of a name such as "job_options.driver-memory", each with what ends it; no figure or last letter. */
export function partsOf(name: string): string[] {
  return name.match(/.+?[._-]+(?=[^._\-\d]{2})|.+$/gs) ?? [name];
}

/** A name that breaks after its dots, underscores and hyphens, and within a word only at last. */
export function Name({ children }: { children: string }) {
  return (
    <bdi class="oew-text">
      {partsOf(children).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}

/** "(JobFailed, ref. r-24011)", or nothing. */
function Reference({ error }: { error: ErrorInfo }) {
  const parts = [error.code, error.id && `ref. ${error.id}`].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <span class="oew-dim oew-mono">
      (<Text>{parts.join(", ")}</Text>)
    </span>
  );
}

/** An error in words, with what to do next. `alert` is for one that the person just caused. */
export function ErrorText({ error, alert = false }: { error: ErrorInfo; alert?: boolean }) {
  return (
    <p class="oew-error" data-code={error.code} {...(alert ? { role: "alert" } : {})}>
      <b>
        <Text>{error.message}</Text>
      </b>{" "}
      {error.hint && <Text>{error.hint}</Text>} <Reference error={error} />
    </p>
  );
}

/** What a command came to, if that needs saying: an error, or a kernel that keeps silent. */
export function SlotMessage({ slot }: { slot: SlotState }) {
  if (slot.error) return <ErrorText error={slot.error} alert />;
  if (slot.late) {
    return (
      <p class="oew-late" role="status">
        {LATE_TEXT}
      </p>
    );
  }
  return null;
}
