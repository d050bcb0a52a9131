import type { Project, Section } from "../../api/schema";
import { archivedAt, given, made, type Effect } from "./effect";
import { removeTasks } from "./tasks";

const createProject: Effect = (view, args, stamp) => {
  const id = String(args.id);
  const plain = { name: "", color: "stone", position: stamp.last, archived_at: null } as const;
  const project: Project = { id, ...plain, ...made(stamp), ...given<Project>(args, "name", "color", "position") };
  if (!view.get("projects", id)) view.put("projects", project);
};

const updateProject: Effect = (view, args, { when }) => {
  const before = view.get("projects", String(args.id));
  if (!before) return;
  const archived_at = archivedAt(before.archived_at, args, when);
  const asked = given<Project>(args, "name", "color", "position");
  view.put("projects", { ...before, ...asked, archived_at, updated_at: when });
};

/** With its sections, its tasks and their comments. */
const deleteProject: Effect = (view, args) => {
  const id = String(args.id);
  if (!view.get("projects", id)) return;
  const tasks = [...view.all("tasks")].filter((task) => task.project_id === id);
  const sections = [...view.all("sections")].filter((section) => section.project_id === id);
  removeTasks(view, new Set(tasks.map((task) => task.id)));
  for (const section of sections) view.remove("sections", section.id);
  view.remove("projects", id);
};

const createSection: Effect = (view, args, stamp) => {
  const id = String(args.id);
  const plain = { name: "", project_id: String(args.project_id), position: stamp.last, archived_at: null };
  const section: Section = { id, ...plain, ...made(stamp), ...given<Section>(args, "name", "position") };
  if (!view.get("sections", id)) view.put("sections", section);
};

const updateSection: Effect = (view, args, { when }) => {
  const before = view.get("sections", String(args.id));
  if (!before) return;
  const archived_at = archivedAt(before.archived_at, args, when);
  view.put("sections", { ...before, ...given<Section>(args, "name", "position"), archived_at, updated_at: when });
};

/** With its tasks and their comments. */
const deleteSection: Effect = (view, args) => {
  const id = String(args.id);
  if (!view.get("sections", id)) return;
  const tasks = [...view.all("tasks")].filter((task) => task.section_id === id);
  removeTasks(view, new Set(tasks.map((task) => task.id)));
  view.remove("sections", id);
};

export const projects = {
  create_project: createProject,
  update_project: updateProject,
  delete_project: deleteProject,
  create_section: createSection,
  update_section: updateSection,
  delete_section: deleteSection,
};
