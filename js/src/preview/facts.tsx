/** The view "About": what a file is, where nothing better is known of it. */

import { Text } from "../lib/messages";

export function Facts({ facts }: { facts: readonly { name: string; text: string }[] }) {
  return (
    <dl class="oew-about">
      {facts.map(({ name, text }, index) => (
        <div key={`${index} ${name}`}>
          <dt>
            <Text>{name}</Text>
          </dt>
          <dd>
            <Text>{text}</Text>
          </dd>
        </div>
      ))}
    </dl>
  );
}
