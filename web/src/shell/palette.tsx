import { useNavigate } from "@tanstack/react-router";
import { useId, useState, type KeyboardEvent } from "react";
import { useSnapshot } from "../live/queries.ts";
import { useRespondNow } from "../live/respond-queries.ts";
import { chooseTheme, themeChoices } from "../live/theme.ts";
import { serverNow } from "../live/server-clock.ts";
import { severityTone, worstFirst } from "../model/incident-words.ts";
import { groupRows } from "../model/node-list.ts";
import type { Tone } from "../model/shown-state.ts";
import { Dialog } from "../parts/dialog.tsx";
import { StateGlyph } from "../parts/state-glyph.tsx";
import { pages } from "./page-list.ts";
import styles from "./palette.module.css";

interface PaletteEntry {
  id: string;
  word: string;
  note: string;
  tone?: Tone;
  run: () => void;
}

const mostShown = 14;

interface PaletteProps {
  isOpen: boolean;
  onClose: () => void;
  onShortcuts: () => void;
  onDeclare: () => void;
}

/** Jumps to a page, a node or an incident, or does a small thing, by typing part of its name. */
export function Palette(props: PaletteProps) {
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={props.onClose}
      title="Find a page, a node, a validator or an incident"
      isTitleHidden
      isHigh
    >
      <PaletteBody {...props} />
    </Dialog>
  );
}

function PaletteBody({ onClose, onShortcuts, onDeclare }: PaletteProps) {
  const [typed, setTyped] = useState("");
  const navigate = useNavigate();
  const entries = useEntries(onShortcuts, onDeclare);
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ word, note }) =>
    words.every((part) => `${word} ${note}`.toLowerCase().includes(part)),
  );
  const asked = validatorAsked(typed);
  if (asked !== undefined)
    found.push({
      id: "validator",
      word: `Validator ${asked}`,
      note: "open",
      run: () => void navigate({ to: "/validators/$id", params: { id: asked } }),
    });
  const shown = found.slice(0, mostShown);
  const run = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter") run(shown[chosen]);
    else if (event.key === "ArrowDown") setChosen((chosen + 1) % Math.max(1, shown.length));
    else if (event.key === "ArrowUp") setChosen((chosen - 1 + shown.length) % Math.max(1, shown.length));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        className={styles.input}
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={shown[chosen] === undefined ? undefined : `${listId}-${chosen}`}
        aria-label="Page, node, validator, incident or action"
        placeholder="Page, node, validator, incident or action"
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onKeyDown={onKey}
        onChange={(event) => {
          setTyped(event.target.value);
          setChosen(0);
        }}
      />
      <ul id={listId} role="listbox" aria-label="Found" className={styles.list}>
        {shown.map((entry, index) => (
          <li
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles.entry}
            onClick={() => run(entry)}
            onPointerMove={() => setChosen(index)}
          >
            {entry.tone !== undefined && <StateGlyph tone={entry.tone} size={12} />}
            <span className={styles.word}>{entry.word}</span>
            <span className={styles.note}>{entry.note}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.none}>Nothing is called that.</p>}
      {found.length > shown.length && <p className={styles.none}>{found.length - shown.length} more: type on.</p>}
    </>
  );
}

/** An index or a key is a validator, whether it is watched or not. */
function validatorAsked(typed: string): string | undefined {
  const text = typed.trim().toLowerCase();
  return /^(\d{1,10}|0x[0-9a-f]{96})$/.test(text) ? text : undefined;
}

function useEntries(onShortcuts: () => void, onDeclare: () => void): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const { data } = useSnapshot();
  const respond = useRespondNow();
  const groups = data === undefined ? [] : groupRows(data, serverNow());
  const rows = groups.flatMap((group) => group.rows);
  return [
    ...pages.map(({ to, word }) => ({ id: to, word, note: "page", run: () => void navigate({ to }) })),
    { id: "declare", word: "Declare an incident", note: "action", run: onDeclare },
    ...worstFirst(respond?.openIncidents ?? []).map((row) => ({
      id: row.reference,
      word: `${row.reference} ${row.title}`,
      note: `${row.severity} · ${row.status}`,
      tone: severityTone(row.severity, row.status),
      run: () => void navigate({ to: "/incidents/$reference", params: { reference: row.reference } }),
    })),
    ...rows.map((row) => ({
      id: row.key,
      word: row.status.node,
      note: `${row.state.word} · ${row.status.group} · ${row.gateway.name}`,
      tone: row.state.tone,
      run: () => void navigate({ to: "/nodes", search: { open: row.key } }),
    })),
    ...groups
      .filter(({ isGateway }) => isGateway)
      .map(({ key, group, gateway }) => ({
        id: `group ${key}`,
        word: `Group ${group.group}`,
        note: `hold, release, proposals · ${gateway.name}`,
        run: () => void navigate({ to: "/nodes", hash: "groups" }),
      })),
    ...themeChoices.map((choice) => ({
      id: `theme-${choice}`,
      word: `Theme: ${choice}`,
      note: "action",
      run: () => chooseTheme(choice),
    })),
    { id: "keys", word: "Keyboard shortcuts", note: "action", run: onShortcuts },
  ];
}
