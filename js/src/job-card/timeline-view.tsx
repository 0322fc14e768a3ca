import { localTime, shortDuration, utcTime } from "../lib/format";
import { Icon } from "../lib/icons";
import { Text } from "../lib/messages";
import type { Step } from "../protocol";
import { look } from "./status";
import { type Mark, type TimelineNode, timeline } from "./timeline";

/** What a mark says to somebody who does not see it; the label says the rest. */
const SPOKEN: Partial<Record<Mark, string>> = {
  now: "now: ",
  future: "expected: ",
};

export function TimelineView({ steps, now_ms }: { steps: readonly Step[]; now_ms: number }) {
  const nodes = timeline(steps, now_ms);
  if (nodes.length === 0) return null;
  return (
    <ol class="oew-timeline" aria-label="What happened to the job">
      {nodes.map((node, index) => (
        <StepView key={`${index} ${node.status}`} node={node} next={nodes[index + 1]} />
      ))}
    </ol>
  );
}

/** Ends get their shape; the others are dots. */
function Dot({ node }: { node: TimelineNode }) {
  const shaped = ["finished", "error", "canceled"].includes(node.mark);
  return <span class="oew-dot">{shaped && <Icon name={look(node.status).icon} />}</span>;
}

function StepView({ node, next }: { node: TimelineNode; next: TimelineNode | undefined }) {
  const { status, mark, label, at_ms, duration_ms } = node;
  const line = next ? (next.mark === "future" ? "ahead" : "passed") : "none";
  return (
    <li
      class={`oew-step oew-step-${mark}`}
      data-status={status}
      data-mark={mark}
      data-line={line}
      aria-current={mark === "now" ? "step" : undefined}
      title={at_ms === null ? undefined : `since ${localTime(at_ms)} (${utcTime(at_ms)})`}
    >
      <Dot node={node} />
      <span class="oew-step-label">
        {SPOKEN[mark] && <span class="oew-sr">{SPOKEN[mark]}</span>}
        <Text>{label}</Text>
        {duration_ms !== null && (
          <>
            {" "}
            <b class="oew-num oew-step-time">{shortDuration(duration_ms)}</b>
          </>
        )}
      </span>
    </li>
  );
}
