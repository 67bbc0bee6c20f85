import * as RadixDialog from "radix-ui/dialog";
import { useRef, type ReactNode } from "react";
import styles from "./dialog.module.css";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** Kept for screen readers only, where the content explains itself. */
  isTitleHidden?: boolean;
  isHigh?: boolean;
  children: ReactNode;
}

/**
 * Modal dialog: focus kept inside, Escape closes, focus returns. The shade is our own element: Radix's overlay writes a
 * style element into the page, which our Content-Security-Policy forbids. So is the memory of who had the focus: a field
 * that takes it at once has it before Radix looks.
 */
export function Dialog({ isOpen, onClose, title, isTitleHidden, isHigh, children }: DialogProps) {
  const openedBy = useRef<Element>(undefined);
  const wasOpen = useRef(false);
  if (isOpen && !wasOpen.current) openedBy.current = document.activeElement ?? undefined;
  wasOpen.current = isOpen;
  return (
    <RadixDialog.Root open={isOpen} onOpenChange={(next) => !next && onClose()}>
      <RadixDialog.Portal>
        <div className={styles.shade} data-dialog-shade="" aria-hidden="true" />
        <RadixDialog.Content
          className={styles.dialog}
          data-high={isHigh === true || undefined}
          aria-describedby={undefined}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            const before = openedBy.current;
            if (before instanceof HTMLElement && before.isConnected) before.focus();
          }}
        >
          <RadixDialog.Title className={isTitleHidden === true ? "only-heard" : styles.title}>
            {title}
          </RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
