import { CopyButton } from "./copy";
import { Text } from "./messages";

/** A card without its kernel: what it shows is the past, and how to get one that lives. */
export function GoneLine({ line }: { line: string }) {
  return (
    <div class="oew-strip oew-gone">
      <p>
        <b>The kernel that this card belongs to is gone.</b> Run this cell again, or
      </p>
      <div class="oew-row">
        <code class="oew-mono">
          <Text>{line}</Text>
        </code>
        <CopyButton text={line} label="Copy this line of Python" />
      </div>
    </div>
  );
}
