/** What of the open preview is on the map, and which of it is chosen. */

import { useEffect, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { plural } from "../lib/format";
import { useUniqueId } from "../lib/id";
import { ErrorText, SlotMessage, Text } from "../lib/messages";
import type { ResultsState, ShapeRow, ShapeState, ShapesState } from "../protocol";

interface ShapesProps {
  shapes: ShapesState;
  shape: ShapeState | null;
  commands: Commands<ResultsState>;
}

const KINDS = ["shapes_show", "shapes_hide", "shape_choose"] as const;

export function ShapesPanel({ shapes, shape, commands }: ShapesProps) {
  const { state, note, question, error, list } = shapes;
  return (
    <div class="oew-shapes" data-shapes={state}>
      <div class="oew-row oew-shapes-bar">
        {list.length > 0 && <Geometries list={list} shape={shape} commands={commands} />}
        <span class="oew-sub oew-grow oew-num" role="status">
          {countText(shapes)}
        </span>
        <OnOff shapes={shapes} commands={commands} />
      </div>
      {state === "error" && error && (
        <div class="oew-pad oew-empty">
          <ErrorText error={error} />
        </div>
      )}
      {note && (
        <p class="oew-sub">
          <Text>{note}</Text>
        </p>
      )}
      {question && (
        <div class="oew-row oew-shapes-bar">
          <p class="oew-sub oew-grow">{question}</p>
          <Button
            disabled={state === "loading" || commands.blocked("shapes_show")}
            onClick={() => commands.send({ kind: "shapes_show", whole: true })}
          >
            Draw more
          </Button>
        </div>
      )}
      {KINDS.map((kind) => (
        <SlotMessage key={kind} slot={commands.slot(kind)} />
      ))}
      <div role="status">{shape && <Chosen shape={shape} commands={commands} />}</div>
    </div>
  );
}

function countText({ state, drawn, total, list }: ShapesState): string {
  if (state === "loading") return "Finding where they lie…";
  if (state !== "ready" || drawn === 0) return "";
  const things = plural(drawn, list.length > 0 ? "polygon" : "feature");
  return drawn < total
    ? `${things} of ${total.toLocaleString("en")} on the map`
    : `${things} on the map`;
}

function OnOff({ shapes, commands }: Omit<ShapesProps, "shape">) {
  const { state, drawn } = shapes;
  if (state === "ready") {
    return drawn === 0 ? null : (
      <Button
        kind="quiet"
        icon="close"
        disabled={commands.blocked("shapes_hide")}
        onClick={() => commands.send({ kind: "shapes_hide" })}
      >
        Take off the map
      </Button>
    );
  }
  return (
    <Button
      kind={state === "offered" ? "plain" : "quiet"}
      icon="layers"
      disabled={state === "loading" || commands.blocked("shapes_show")}
      onClick={() => commands.send({ kind: "shapes_show" })}
    >
      {state === "error" ? "Try again" : "Show on the map"}
    </Button>
  );
}

const EVERY = "";

/** The map for who has no pointer: a choice of what its curve is seen of. */
function Geometries({
  list,
  shape,
  commands,
}: { list: ShapeRow[] } & Pick<ShapesProps, "shape" | "commands">) {
  const id = useUniqueId();
  // Keys are faster than the kernel: while it follows, the list is ahead of it.
  const [wanted, want] = useState<string | null>(null);
  const chosen = shape ? String(shape.row) : EVERY;
  useEffect(() => {
    if (chosen === wanted) want(null);
  }, [chosen, wanted]);
  return (
    <>
      <label for={id}>Geometry</label>
      <select
        id={id}
        class="oew-shapes-list"
        value={wanted ?? chosen}
        onChange={({ currentTarget: { value } }) => {
          want(value);
          commands.tell({ kind: "shape_choose", row: value === EVERY ? null : Number(value) });
        }}
      >
        <option value={EVERY}>All {list.length.toLocaleString("en")}</option>
        {list.map((one) => (
          <option key={one.row} value={String(one.row)}>
            {nameOf(one)}
          </option>
        ))}
      </select>
    </>
  );
}

function nameOf({ row, group, name }: ShapeRow | ShapeState): string {
  const number = group || `Row ${(row + 1).toLocaleString("en")}`;
  return name && name !== number ? `${number} · ${name}` : number;
}

function Chosen({ shape, commands }: { shape: ShapeState } & Pick<ShapesProps, "commands">) {
  const name = nameOf(shape);
  return (
    <div class="oew-shape">
      <div class="oew-row">
        <p class="oew-grow oew-shape-name">
          <Text>{name}</Text>
          {!shape.placed && <span class="oew-sub"> has no place on the map</span>}
        </p>
        <Button
          kind="quiet"
          icon="close"
          label="Choose none"
          disabled={commands.blocked("shape_choose")}
          onClick={() => commands.send({ kind: "shape_choose", row: null })}
        />
      </div>
      {shape.facts.length > 0 && (
        <div
          class="oew-shape-facts"
          role="group"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll what is longer than its place
          tabIndex={0}
          aria-label={`Properties of ${name}`}
        >
          <dl>
            {shape.facts.map((fact, index) => (
              <div key={index}>
                <dt>
                  <Text>{fact.name}</Text>
                </dt>
                <dd>
                  <Text>{fact.text}</Text>
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}
