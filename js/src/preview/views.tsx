/** The views of a file. One that was opened stays as it was left while another one is shown. */

import { useRef } from "preact/hooks";
import type { PreviewView } from "../protocol";
import { Chart } from "./chart";
import { Facts } from "./facts";
import { Html } from "./html";
import { Image } from "./image";
import type { Kernel, OnMap, ViewsProps } from "./module";
import { Table } from "./table";
import { TextView } from "./text";
import { Tree } from "./tree";

/** Which were opened; none of them any more when the kernel has read the file anew. */
function useOpened(views: readonly PreviewView[], index: number) {
  const held = useRef({ views, generation: 0, opened: new Set<number>() });
  if (held.current.views !== views) {
    held.current = { views, generation: held.current.generation + 1, opened: new Set() };
  }
  held.current.opened.add(index);
  return held.current;
}

export function Views({ name, views, index, onMap, kernel }: ViewsProps) {
  const { opened, generation } = useOpened(views, index);
  return (
    <div class="oew-views">
      {[...opened].map((at) => {
        const view = views[at];
        return (
          view && (
            <div
              key={`${generation} ${at}`}
              class="oew-view"
              data-view={view.kind}
              hidden={at !== index}
            >
              <View view={view} name={name} index={at} onMap={onMap} kernel={kernel} />
            </div>
          )
        );
      })}
    </div>
  );
}

interface ViewProps {
  view: PreviewView;
  name: string;
  index: number;
  onMap: OnMap;
  kernel: Kernel;
}

function View({ view, name, index, onMap, kernel }: ViewProps) {
  switch (view.kind) {
    case "chart":
      return <Chart {...view} name={name} onMap={onMap} kernel={kernel} />;
    case "table":
      return <Table {...view} name={name} index={index} onMap={onMap} kernel={kernel} />;
    case "tree":
      return <Tree {...view} name={name} kernel={kernel} />;
    case "text":
      return <TextView {...view} name={name} />;
    case "image":
      return <Image {...view} name={name} kernel={kernel} />;
    case "facts":
      return <Facts {...view} />;
    case "html":
      return <Html {...view} name={name} />;
    default:
      return null;
  }
}
