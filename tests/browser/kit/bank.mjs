// A bank that signs as SePay does (HMAC-SHA256 over `<timestamp>.<raw body>`), made here and not by the program under test.
import { createHmac } from 'node:crypto';

let next = Math.floor(Date.now() / 1000) * 1000;

/** Posts a movement to the webhook of an account and answers the status. */
export async function bankSays(account, { memo, amount, id = (next += 1) }) {
  const when = new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 19).replace('T', ' ');
  const body = JSON.stringify({
    id, gateway: 'MBBank', transactionDate: when, accountNumber: account.account, subAccount: '', code: null, content: memo,
    transferType: 'in', description: `${memo} chuyen tien`, transferAmount: amount, accumulated: 0, referenceCode: `FT${id}`,
  });
  const stamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', account.secret).update(`${stamp}.${body}`).digest('hex');
  const answer = await fetch(account.webhook_url, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', 'x-sepay-timestamp': stamp, 'x-sepay-signature': `sha256=${signature}` },
  });
  return { status: answer.status, body: await answer.json() };
}
