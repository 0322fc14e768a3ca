import { useState } from "preact/hooks";
import { plural } from "../lib/format";
import { Icon, type IconName } from "../lib/icons";
import { useUniqueId } from "../lib/id";
import { Text } from "../lib/messages";
import type { Compared } from "../protocol";

interface Verdict {
  icon: IconName;
  word: string;
}

const DIFFERS: Verdict = { icon: "error", word: "differs" };
const SAME: Verdict = { icon: "check", word: "as asked" };
const UNKNOWN: Verdict = { icon: "unknown", word: "not known" };
const NOT_COMPARED: Verdict = { icon: "unknown", word: "not compared" };

function verdictOf({ differs, asked }: Compared): Verdict {
  if (differs === null) return asked ? UNKNOWN : NOT_COMPARED;
  return differs ? DIFFERS : SAME;
}

/** "2 differences", "as asked", or that too little is told: of all rows together. */
export function verdictText(rows: readonly Compared[]): Verdict {
  const different = rows.filter(({ differs }) => differs === true).length;
  if (different > 0) return { ...DIFFERS, word: plural(different, "difference") };
  const same = rows.filter(({ differs }) => differs === false).length;
  if (same === 0) return UNKNOWN;
  if (same === rows.length) return { ...SAME, word: "all as asked" };
  // Of what the process graph does not ask for nothing is lacking.
  const unknown = rows.filter(({ differs, asked }) => differs === null && asked).length;
  return unknown === 0 ? SAME : { ...SAME, word: `as asked, ${unknown} not known` };
}

/** What was asked for beside what was delivered; closed until somebody wants to know. */
export function Comparison({ rows }: { rows: readonly Compared[] }) {
  const [open, setOpen] = useState(false);
  const id = useUniqueId();
  if (rows.length === 0) return null;
  const { icon, word } = verdictText(rows);
  return (
    <div class="oew-comparison">
      <button
        type="button"
        class="oew-disclosure"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="chevron" />
        <span>Asked and delivered</span>
        <span class="oew-verdict" data-verdict={icon}>
          <Icon name={icon} />
          {word}
        </span>
      </button>
      <div id={id} hidden={!open}>
        {open && <Table rows={rows} />}
      </div>
    </div>
  );
}

function Table({ rows }: { rows: readonly Compared[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span class="oew-sr">What</span>
          </th>
          <th scope="col">Asked</th>
          <th scope="col">Delivered</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.what} row={row} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ row }: { row: Compared }) {
  const { icon, word } = verdictOf(row);
  return (
    <tr>
      <th scope="row">
        <Text>{row.what}</Text>
        <span class="oew-verdict" data-verdict={icon}>
          <Icon name={icon} />
          {word}
        </span>
      </th>
      <td>
        <Told text={row.asked} />
      </td>
      <td>
        <Told text={row.delivered} />
        {row.note && (
          <p class="oew-compared-note">
            <Text>{row.note}</Text>
          </p>
        )}
      </td>
    </tr>
  );
}

function Told({ text }: { text: string }) {
  return text ? <Text>{text}</Text> : <span class="oew-sub">not told</span>;
}
