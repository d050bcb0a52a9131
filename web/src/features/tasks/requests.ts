import { call } from "../../api/client";
import { Refusal } from "../../api/refusal";
import type { CreateTask, Task, UpdateTask } from "../../api/schema";
import type { Sort } from "./order";
import type { Status } from "./views";

// A repeat of any of these changes nothing: ids are made here.
const PATIENCE = 3;
const PAGE = 100;

export interface Page {
  items: Task[];
  next_cursor?: string | null;
}

export function listTasks(statuses: Status[], sort: Sort, cursor?: string): Promise<Page> {
  const query = { status: statuses.join(","), sort, limit: PAGE, ...(cursor && { cursor }) };
  return call("get", "/api/v1/tasks", { query, tries: PATIENCE });
}

export function getTask(id: string): Promise<Task> {
  return call("get", "/api/v1/tasks/{id}", { path: { id }, tries: PATIENCE });
}

export function createTask(task: CreateTask): Promise<Task> {
  return call("post", "/api/v1/tasks", { body: task, tries: PATIENCE });
}

export function updateTask(id: string, fields: UpdateTask): Promise<Task> {
  return call("patch", "/api/v1/tasks/{id}", { path: { id }, body: fields, tries: PATIENCE });
}

export async function deleteTask(id: string): Promise<void> {
  try {
    await call("delete", "/api/v1/tasks/{id}", { path: { id }, tries: PATIENCE });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

export const isGone = (error: unknown): boolean => error instanceof Refusal && error.status === 404;
