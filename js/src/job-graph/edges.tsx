import { useUniqueId } from "../lib/id";
import { Text } from "../lib/messages";
import { css, type Drawing, pathOf } from "./layout";

/** The edges of a drawing. Screen readers hear of them with the nodes. */
export function Edges({ drawing, selected }: { drawing: Drawing; selected: string | null }) {
  const id = useUniqueId();
  const at = (on: boolean) => `${id}-${on ? "on" : "off"}`;
  const near = (from: string, to: string) => selected !== null && [from, to].includes(selected);
  return (
    <div aria-hidden="true">
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden from those who would hear the title */}
      <svg class="oew-edges" width={drawing.width} height={drawing.height} focusable="false">
        <defs>
          {[false, true].map((on) => (
            <marker
              key={at(on)}
              id={at(on)}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path class="oew-arrow" data-on={on ? "" : undefined} d="M0 .5 8 4 0 7.5Z" />
            </marker>
          ))}
        </defs>
        {drawing.routes.map(({ edge: { from, to }, points }) => (
          <path
            key={`${from} ${to}`}
            class="oew-edge"
            data-on={near(from, to) ? "" : undefined}
            d={pathOf(points)}
            marker-end={`url(#${at(near(from, to))})`}
          />
        ))}
      </svg>
      {drawing.routes.map(
        ({ edge: { from, to, label }, label: place }) =>
          place && (
            <span
              key={`${from} ${to}`}
              class="oew-edge-label"
              style={css({ left: place.x, top: place.y })}
            >
              <Text>{label}</Text>
            </span>
          ),
      )}
    </div>
  );
}
