/** Where somebody types what to look for; Escape empties it. */

interface SearchProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  onEnter?: (back: boolean) => void;
}

export function SearchField({ label, value, onValue, onEnter }: SearchProps) {
  return (
    <input
      class="oew-search"
      type="search"
      aria-label={label}
      placeholder="Search"
      value={value}
      onInput={(event) => onValue(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") onEnter?.(event.shiftKey);
        else if (event.key !== "Escape" || value === "") return;
        else onValue("");
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
