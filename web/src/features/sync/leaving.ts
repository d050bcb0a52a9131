import { createSignal } from "solid-js";
import { sentence } from "../../api/refusal";
import { go, hrefWith } from "../../ui/route";
import { say, sayWrong } from "../../ui/toast";
import { flush, leave, standing } from "./here";

const [losing, setLosing] = createSignal(0);

/** So many changes would be lost by signing out: the person is being asked. */
export { losing };
export const stay = () => setLosing(0);

export async function leaveOrAsk(): Promise<void> {
  if (standing().waiting) say("Sending your last changes");
  const lost = await flush();
  if (lost) setLosing(lost);
  else await leaveNow();
}

export async function leaveNow(): Promise<void> {
  stay();
  try {
    await leave();
    go(hrefWith({ task: null })); // whoever comes next may be another person
  } catch (error) {
    sayWrong(`You are still signed in. ${sentence(error)}`);
  }
}
