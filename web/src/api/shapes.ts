import type { paths } from "./schema";

export type Path = keyof paths;
export type Method = "get" | "post" | "patch" | "delete";

type Operation<P extends Path, M extends Method> = paths[P][M];
type Json<T> = T extends { content: { "application/json": infer B } } ? B : undefined;

/** What a path takes, by its method. */
export type Body<P extends Path, M extends Method> =
  Operation<P, M> extends { requestBody?: infer R } ? Json<NonNullable<R>> : never;
export type Params<P extends Path, M extends Method, In extends "path" | "query"> =
  Operation<P, M> extends { parameters: { [K in In]?: infer V } } ? V : never;

/** What it answers when all is well. */
export type Ok<P extends Path, M extends Method> =
  Operation<P, M> extends { responses: infer R }
    ? { [S in keyof R]: S extends 200 | 201 | 204 ? Json<R[S]> : never }[keyof R]
    : never;
