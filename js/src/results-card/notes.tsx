import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Text } from "../lib/messages";
import type { ResultsState } from "../protocol";

interface NotesProps {
  state: ResultsState;
  commands: Commands<ResultsState>;
}

/** What else is to be known of the results, and how far the reading of them is. */
export function Notes({ state, commands }: NotesProps) {
  const { notes, reading } = state;
  return (
    <>
      {notes.length > 0 && (
        <ul class="oew-sub oew-notes" aria-label="Notes">
          {notes.map((note) => (
            <li key={note}>
              <Text>{note}</Text>
            </li>
          ))}
        </ul>
      )}
      {reading && (
        <div class="oew-row oew-sub oew-num oew-reading">
          <span>
            Reading the Items of the results: {reading.done} of {reading.known}
          </span>
          <Button kind="quiet" icon="stop" onClick={() => commands.send({ kind: "stop_reading" })}>
            Stop
          </Button>
        </div>
      )}
    </>
  );
}
