import type {
  AddTokenAnswer,
  AddTokenBody,
  AddUserBody,
  ShownToken,
  ShownUser,
} from "../../../src/api/contract-access.ts";
import type { Role } from "../../../src/access/roles.ts";
import { callJson, post } from "./api.ts";

export const fetchUsers = (signal?: AbortSignal) =>
  callJson<{ users: readonly ShownUser[] }>("/api/v1/users", {}, signal);
export const fetchTokens = (signal?: AbortSignal) =>
  callJson<{ tokens: readonly ShownToken[] }>("/api/v1/tokens", {}, signal);

const user = (name: string) => `users/${encodeURIComponent(name)}`;
export const addUser = (body: AddUserBody, token: string) => post("users", token, body);
export const setPassword = (name: string, password: string, token: string) =>
  post(`${user(name)}/password`, token, { password });
export const setRole = (name: string, role: Role, token: string) => post(`${user(name)}/role`, token, { role });
export const setEnabled = (name: string, isEnabled: boolean, token: string) =>
  post(`${user(name)}/${isEnabled ? "enable" : "disable"}`, token);
export const addToken = (body: AddTokenBody, token: string) => post<AddTokenAnswer>("tokens", token, body);
export const removeToken = (id: string, token: string) => post(`tokens/${encodeURIComponent(id)}/remove`, token);
