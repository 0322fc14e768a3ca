/** What a start would cost, and whether it can work: a calm line or two above the buttons. */

import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { active } from "../job-card/status";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Icon } from "../lib/icons";
import { LiveRegion } from "../lib/live";
import { SlotMessage, Text } from "../lib/messages";
import type { JobState, Preflight, Problem } from "../protocol";
import { accountLine, estimateLine, problemsFound, shortages } from "./preflight";

const MOST_SHOWN = 5;

/** Calls `ask` once when `root` is on the screen. */
function whenSeen(root: Element, ask: () => void): () => void {
  if (typeof IntersectionObserver === "undefined") {
    ask();
    return () => {};
  }
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    ask();
  });
  observer.observe(root);
  return () => observer.disconnect();
}

/** Asks by itself what a start would cost, once, for a job that is to be started and is seen. */
export function usePreflight(
  root: RefObject<Element | null>,
  { status, actions, preflight }: JobState,
  commands: Commands<JobState>,
): void {
  const wanted = status === "created" && preflight === null && actions.includes("preflight");
  useEffect(() => {
    if (!wanted || !root.current) return undefined;
    return whenSeen(root.current, () => commands.tell({ kind: "preflight" }));
  }, [wanted, commands]);
}

interface PreflightProps {
  state: JobState;
  commands: Commands<JobState>;
  /** Somebody wants to see a node of the process. */
  onNode: (node: string) => void;
}

export function PreflightLines({ state, commands, onNode }: PreflightProps) {
  const { preflight, status, actions } = state;
  if (!preflight || active(status)) return null;
  const account = accountLine(preflight);
  return (
    <>
      <Warnings preflight={preflight} onNode={onNode} />
      <div class="oew-preflight oew-sub" aria-busy={preflight.state === "loading"}>
        <p>
          <Text>{estimateLine(preflight)}</Text>
          {account && (
            <>
              <br />
              <Text>{account}</Text>
            </>
          )}
        </p>
        {actions.includes("preflight") && (
          <Button
            kind="quiet"
            icon="refresh"
            label="Estimate again"
            disabled={preflight.state === "loading" || commands.blocked("preflight")}
            onClick={() => commands.send({ kind: "preflight" })}
          />
        )}
      </div>
      <SlotMessage slot={commands.slot("preflight")} />
      <LiveRegion text={problemsFound(preflight)} />
    </>
  );
}

/** What speaks against a start. */
function Warnings({
  preflight,
  onNode,
}: Pick<PreflightProps, "onNode"> & { preflight: Preflight }) {
  const { problems } = preflight;
  const short = shortages(preflight);
  if (problems.length + short.length === 0) return null;
  const more = problems.length - MOST_SHOWN;
  return (
    <div class="oew-strip oew-warnings">
      <Icon name="error" label="Warning" />
      <div class="oew-grow">
        {problems.length > 0 && (
          <>
            <Sentence text={problemsFound(preflight)} />
            <ul class="oew-problems">
              {problems.slice(0, MOST_SHOWN).map((problem, index) => (
                <ProblemLine key={index} problem={problem} onNode={onNode} />
              ))}
              {more > 0 && <li class="oew-dim">and {more} more</li>}
            </ul>
          </>
        )}
        {short.map((sentence) => (
          <Sentence key={sentence} text={sentence} />
        ))}
      </div>
    </div>
  );
}

function Sentence({ text }: { text: string }) {
  return (
    <p>
      <b>
        <Text>{text}</Text>
      </b>
    </p>
  );
}

function ProblemLine({ problem, onNode }: Pick<PreflightProps, "onNode"> & { problem: Problem }) {
  const { node, message, code } = problem;
  return (
    <li title={code || undefined}>
      {node && (
        <>
          <button
            type="button"
            class="oew-mono oew-problem-node"
            title="Show this node in the process"
            onClick={() => onNode(node)}
          >
            <span class="oew-sr">Show node </span>
            <Text>{node}</Text>
          </button>
          {": "}
        </>
      )}
      <Text>{message}</Text>
    </li>
  );
}
