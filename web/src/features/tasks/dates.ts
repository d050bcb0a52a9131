import { createSignal } from "solid-js";
import type { Task } from "../../api/schema";

// Dates are strings (2026-11-24) wherever they can be: they compare as they are, and no time zone moves them.
const DAY = 86_400_000;
const WEEK = 7;
const names = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
const [weekday, longWeekday, month, longMonth] = [
  names({ weekday: "short" }),
  names({ weekday: "long" }),
  names({ month: "short" }),
  names({ month: "long" }),
];

const local = (at: Date) => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
const [today, setToday] = createSignal(local(new Date()));

/** The date here, now; it changes at midnight, and when a sleeping device wakes. */
export { today };
const look = () => setToday(local(new Date()));
setInterval(look, 30_000);
document.addEventListener("visibilitychange", look);

const utc = (date: string) => new Date(`${date}T00:00:00Z`);
export const addDays = (date: string, days: number): string =>
  new Date(utc(date).getTime() + days * DAY).toISOString().slice(0, 10);
const daysFrom = (from: string, to: string): number =>
  Math.round((utc(to).getTime() - utc(from).getTime()) / DAY);
/** 0 is Monday. */
export const weekdayOf = (date: string): number => (utc(date).getUTCDay() + 6) % WEEK;
export const nextMonday = (date: string): string => addDays(date, WEEK - weekdayOf(date));

/** The date (and the time, where there is one) of the task, in its own zone; undefined: none. */
export function localDue(task: Pick<Task, "due_date" | "due_at" | "due_zone">): string | undefined {
  if (task.due_date) return task.due_date;
  if (!task.due_at) return undefined;
  return clock(task.due_zone ?? undefined)
    .format(new Date(task.due_at))
    .replace(" ", "T");
}

// Swedish writes dates as ISO 8601 does. Making one takes 50 times as long as using it.
const clocks = new Map<string | undefined, Intl.DateTimeFormat>();
function clock(timeZone: string | undefined): Intl.DateTimeFormat {
  const made =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short", ...(timeZone && { timeZone }) });
  clocks.set(timeZone, made);
  return made;
}

export const dateOf = (task: Task): string | undefined => localDue(task)?.slice(0, 10);
export const timeOf = (task: Task): string | undefined => localDue(task)?.slice(11, 16) || undefined;

export function isLate(task: Task): boolean {
  if (task.status === "done") return false;
  if (task.due_at) return Date.parse(task.due_at) < Date.now();
  return Boolean(task.due_date && task.due_date < today());
}

/** Yesterday, Today, Tomorrow, a weekday of the next six, else the date; the year only where it is another. */
export function dateWords(date: string): string {
  const away = daysFrom(today(), date);
  if (away >= -1 && away <= 1) return ["Yesterday", "Today", "Tomorrow"][away + 1] ?? "";
  if (away > 1 && away < WEEK) return longWeekday.format(utc(date));
  return shortDate(date);
}

/** Fri 20 Nov */
export function shortDate(date: string): string {
  const at = utc(date);
  const year = date.slice(0, 4) === today().slice(0, 4) ? "" : ` ${date.slice(0, 4)}`;
  return `${weekday.format(at)} ${at.getUTCDate()} ${month.format(at)}${year}`;
}

/** Tuesday 24 November */
export const fullDate = (date: string): string =>
  `${longWeekday.format(utc(date))} ${utc(date).getUTCDate()} ${longMonth.format(utc(date))}`;
export const monthName = (date: string): string => `${longMonth.format(utc(date))} ${date.slice(0, 4)}`;
export const shortWeekday = (date: string): string => weekday.format(utc(date));
/** The day of a time stamp, here. */
export const dayOf = (at: string): string => local(new Date(at));
