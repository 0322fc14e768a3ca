import { useEffect } from "preact/hooks";
import { NotifyBox } from "../job-card/notify";
import { ended } from "../job-card/status";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { useUniqueId } from "../lib/id";
import { Name, SlotMessage, Text } from "../lib/messages";
import type { ViewProps } from "../lib/mount";
import { openAnswer } from "../lib/open";
import type { Details, JobLink, JobState, Metric } from "../protocol";
import { type Fact, facts, linkTitle, metricName, metricText } from "./facts";

/** The list of jobs tells little of each: then the job itself is asked for, once. */
function useFullAnswer(state: JobState, commands: Commands<JobState>): void {
  const heard = state.freshness.state === "live" || state.freshness.state === "resting";
  const missing = state.details === null && heard && state.actions.includes("refresh");
  useEffect(() => {
    if (missing) commands.send({ kind: "refresh" });
  }, [commands, missing]);
}

/** The tab "Details". */
export function DetailsPanel({ state, commands }: ViewProps<JobState>) {
  useFullAnswer(state, commands);
  const { details } = state;
  return (
    <div class="oew-details">
      {details ? (
        <Told details={details} commands={commands} />
      ) : (
        <p class="oew-dim">The back-end has not told any yet.</p>
      )}
      {!ended(state.status) && <NotifyBox state={state} commands={commands} />}
    </div>
  );
}

function Told({ details, commands }: { details: Details; commands: Commands<JobState> }) {
  const { description, usage, links } = details;
  return (
    <>
      <dl class="oew-facts">
        {facts(details).map((fact, index) => (
          <FactView key={`${index} ${fact.name}`} fact={fact} />
        ))}
        {description.trim() && (
          <div class="oew-fact oew-fact-wide">
            <dt>Description</dt>
            <dd>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long one is scrolled with keys */}
              <section class="oew-description" aria-label="Description" tabIndex={0}>
                <Text>{description.trim()}</Text>
              </section>
            </dd>
          </div>
        )}
      </dl>
      {usage.length > 0 && <Usage usage={usage} />}
      {links.length > 0 && <Links links={links} commands={commands} />}
    </>
  );
}

function FactView({ fact }: { fact: Fact }) {
  const { name, text, utc, iso } = fact;
  return (
    <div class="oew-fact">
      <dt>
        <Name>{name}</Name>
      </dt>
      <dd class="oew-num">
        {iso ? (
          <time dateTime={iso} title={utc}>
            {text}
          </time>
        ) : (
          <Text>{text}</Text>
        )}
      </dd>
    </div>
  );
}

function Usage({ usage }: { usage: readonly Metric[] }) {
  return (
    <table class="oew-usage">
      <caption>Usage</caption>
      <tbody>
        {usage.map((metric) => (
          <tr key={metric.name}>
            <th scope="row">
              <Name>{metricName(metric)}</Name>
            </th>
            <td class="oew-num">
              <Name>{metricText(metric)}</Name>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface LinksProps {
  links: readonly JobLink[];
  commands: Commands<JobState>;
}

function Links({ links, commands }: LinksProps) {
  const slot = commands.slot("open_link");
  const id = useUniqueId();
  const open = async (index: number) =>
    openAnswer(await commands.ask({ kind: "open_link", index }));
  return (
    <div class="oew-links">
      <p id={id} class="oew-links-title">
        Links
      </p>
      <ul aria-labelledby={id}>
        {links.map((link, index) => (
          <li key={index} class="oew-row">
            <Button
              icon="open"
              kind="quiet"
              disabled={commands.blocked("open_link")}
              onClick={() => void open(index)}
            >
              <span class="oew-sr">Open </span>
              <Text>{linkTitle(link)}</Text>
            </Button>
            {link.media_type && (
              <span class="oew-sub">
                <Text>{link.media_type}</Text>
              </span>
            )}
          </li>
        ))}
      </ul>
      <SlotMessage slot={slot} />
    </div>
  );
}
