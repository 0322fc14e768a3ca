/** How far a file on its way to the Jupyter server is, or what came of it. */

import { useRef, useState } from "preact/hooks";
import { Button } from "../lib/button";
import type { Commands } from "../lib/commands";
import { Confirm } from "../lib/confirm";
import { CopyButton } from "../lib/copy";
import { Icon } from "../lib/icons";
import { ErrorText, Text } from "../lib/messages";
import type { AssetRow, Download, ResultsState } from "../protocol";
import { arrived, downloadPercent, downloadText, leftText, moving, stoppedText } from "./files";

interface LineProps {
  asset: AssetRow;
  download: Download;
  /** Whether its job was deleted: then there is nothing more to fetch. */
  deleted: boolean;
  commands: Commands<ResultsState>;
}

export function DownloadLine(props: LineProps) {
  const { asset, download, commands } = props;
  if (moving(download)) return <Filling name={asset.name} download={download} />;
  if (arrived(download)) return <Arrived {...props} />;
  if (download.state === "failed") return <DownloadFailed {...props} />;
  const stopped = commands.gone && download.state === "partial";
  const left = stopped ? stoppedText(download) : leftText(download);
  return (
    <div class="oew-file-line">
      <span class="oew-sub">
        {[download.state === "canceled" ? "download canceled" : "", left]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </div>
  );
}

interface BarProps {
  label: string;
  percent: number | null;
  text: string;
  /** Whether something happens: else the bar of what has no end keeps still. */
  running: boolean;
}

export function Bar({ label, percent, text, running }: BarProps) {
  return (
    <div
      class={`oew-bar${running ? "" : " oew-bar-stopped"}`}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === null ? undefined : Math.floor(percent)}
      aria-valuetext={text}
    >
      {percent === null ? (
        <span class={`oew-indeterminate${running ? " oew-moving" : ""}`} />
      ) : (
        <span style={{ width: `${percent}%` }} />
      )}
    </div>
  );
}

function Filling({ name, download }: { name: string; download: Download }) {
  const text = downloadText(download);
  const running = download.state === "running" || download.state === "verifying";
  return (
    <div class="oew-file-line">
      <Bar
        label={`Downloading ${name}`}
        percent={downloadPercent(download)}
        text={text}
        running={running}
      />
      <span class="oew-sub oew-num">{text}</span>
    </div>
  );
}

function Arrived({ asset, download, commands }: LineProps) {
  const { key, name } = asset;
  const ask = async () => {
    const found = (await commands.ask({ kind: "opening_line", key })) as { text: string } | null;
    return found?.text ?? null;
  };
  return (
    <div class="oew-file-line oew-arrived">
      {/* The folder is told once, above all files. */}
      <span class="oew-good" title={`on the Jupyter server, in ${download.path}`}>
        <Icon name="check" />
        {[download.state === "kept" ? "was there already" : "downloaded", verdict(download)]
          .filter(Boolean)
          .join(", ")}
        <span class="oew-sr">
          , on the Jupyter server, in <Text>{download.path}</Text>
        </span>
      </span>
      <span class="oew-line-buttons">
        <CopyButton text={download.path} label={`Copy path of ${name}`} />
        <CopyButton
          text={ask}
          label={`Copy Python that opens ${name}`}
          icon="code"
          disabled={commands.gone}
        />
      </span>
    </div>
  );
}

function verdict({ state, verified }: Download): string {
  if (verified) return "verified";
  return state === "kept" ? "" : "complete";
}

const NOT_TOLD = { message: "The download failed.", code: "", id: "", hint: "" };

function DownloadFailed({ asset, download, deleted, commands }: LineProps) {
  const { key, name } = asset;
  const [asked, ask] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const left = leftText(download);
  const busy = deleted || commands.blocked("download", key);
  return (
    <div class="oew-file-line oew-download-failed">
      <ErrorText error={download.error ?? NOT_TOLD} />
      {left && <span class="oew-sub">{left}</span>}
      <Button
        label={`Retry download of ${name}`}
        disabled={busy}
        onClick={() => commands.send({ kind: "download", key })}
      >
        Retry
      </Button>
      {download.exists && (
        <Button
          label={`Overwrite ${name}…`}
          buttonRef={opener}
          disabled={busy}
          expanded={asked}
          onClick={() => ask(true)}
        >
          Overwrite…
        </Button>
      )}
      {asked && !commands.gone && (
        <Confirm
          question={`Replace the other file called ${name} on the Jupyter server? It is lost then.`}
          yes="Yes, overwrite"
          onYes={() => {
            ask(false);
            commands.send({ kind: "download", key, overwrite: true });
          }}
          onKeep={() => {
            ask(false);
            opener.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </div>
  );
}
