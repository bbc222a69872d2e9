// A question to the helpdesk's own address, answered in JSON; the status tells what went wrong.
export async function ask(ctx, path, values) {
  const headers = { "Content-Type": "application/json" };
  if (ctx.talk.token) headers.Authorization = `Bearer ${ctx.talk.token}`;
  try {
    const answer = await fetch(ctx.address(path), { method: "POST", credentials: "omit", headers, body: JSON.stringify(values) });
    return { ok: answer.ok, status: answer.status, body: answer.status === 204 ? {} : await answer.json().catch(() => ({})) };
  } catch {
    return { ok: false, status: 0, body: {} };
  }
}

export const complaint = (ctx, answer) => (answer.status === 429 ? ctx.say("too_often") : ctx.say("failed"));
