import { Popover } from "radix-ui";
import { useState } from "react";
import { capital, columnName } from "@/format/words";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { USUAL_COLUMNS } from "./asked";
import type { Feature } from "./kinds";

/** Which columns the list shows, out of all there are. */
export function ColumnChooser({
  known,
  chosen,
  onChange,
}: {
  known: ReadonlyMap<string, Feature>;
  chosen: readonly string[];
  onChange: (columns: readonly string[]) => void;
}) {
  const [text, setText] = useState("");
  const fits = (name: string) =>
    columnName(name).toLowerCase().includes(text.toLowerCase()) || name.includes(text.toLowerCase());
  const names = [
    ...chosen.filter((name) => known.has(name)),
    ...[...known.keys()].filter((name) => !chosen.includes(name)).sort(),
  ];
  const toggle = (name: string) =>
    onChange(chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name]);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button small className="h-8">
          Columns
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Columns"
          className="z-40 w-80 rounded-lg border border-line bg-surface p-3 shadow-[0_8px_24px_oklch(0.2_0.02_220/0.14)]"
        >
          <Input
            type="search"
            aria-label="Find a column"
            placeholder={`Find among ${known.size} columns`}
            className="h-8 w-full"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <ul className="quiet-scroll mt-2 max-h-80 overflow-y-auto">
            {names.filter(fits).map((name) => (
              <li key={name}>
                <label
                  className="flex cursor-pointer items-center gap-2 rounded px-1.5 py-1 hover:bg-sunken"
                  title={known.get(name)?.definition}
                >
                  <input
                    type="checkbox"
                    className="accent-[var(--accent)]"
                    checked={chosen.includes(name)}
                    onChange={() => toggle(name)}
                  />
                  <span className="truncate">{capital(columnName(name))}</span>
                </label>
              </li>
            ))}
          </ul>
          <Button small look="quiet" className="mt-2" onClick={() => onChange(USUAL_COLUMNS)}>
            The usual ones
          </Button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
