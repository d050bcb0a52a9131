import type * as api from "../api/schema";
import type { Args } from "./protocol";

type Of<Body> = Body & { id: string };

/** What commands take, by type; those that are not here take what their REST body takes, and the ids of its path. */
export interface Forms {
  create_task: api.CreateTask;
  update_task: Of<api.UpdateTask>;
  delete_task: { id: string };
  create_project: api.CreateProject;
  update_project: Of<api.UpdateProject>;
  delete_project: { id: string };
  create_section: api.CreateSection;
  update_section: Of<api.UpdateSection>;
  delete_section: { id: string };
  create_label: api.CreateLabel;
  update_label: Of<api.UpdateLabel>;
  delete_label: { id: string };
  create_comment: Of<api.CreateComment> | Omit<Of<api.CreateComment>, "id">;
  update_comment: Of<api.UpdateComment>;
  delete_comment: { id: string };
}
export type ArgsOf<T extends string> = T extends keyof Forms ? Forms[T] : Args;
