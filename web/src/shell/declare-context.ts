import { createContext, useContext } from "react";

export const DeclareContext = createContext<() => void>(() => undefined);

/** Opens the dialog that declares an incident. */
export const useDeclare = (): (() => void) => useContext(DeclareContext);
