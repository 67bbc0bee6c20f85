/** The keeper's mark: two brackets that hold one slot. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <path d="M8 3H4v18h4M16 3h4v18h-4" fill="none" stroke="currentColor" strokeWidth="2.4" />
      <path d="M9 9h6v6H9z" fill="var(--fine)" />
    </svg>
  );
}
