// Webhooks as @payos/node signs them, a line each: {"by","key","body"}. Judged by tests/it/providers.rs.
import { PayOS } from '@payos/node';

const key = 'khoa-checksum-cua-kenh-1';
const client = new PayOS({ clientId: 'kenh', apiKey: 'khoa-api', checksumKey: key });

const movement = (n) => ({
  orderCode: 7000 + n,
  amount: 1000 + n * 37,
  description: `CS99LLIO075 HT7K2M9QA đơn ${n}/"a&b=c" \\ 🍑`,
  accountNumber: '0123456789',
  reference: `FT26327${n}`,
  transactionDateTime: '2026-11-23 09:01:00',
  currency: 'VND',
  paymentLinkId: `lien-ket-${n}`,
  code: '00',
  desc: 'Thành công',
  counterAccountBankId: null,
  counterAccountBankName: '',
  counterAccountName: 'NGUYỄN VĂN A',
  counterAccountNumber: null,
  virtualAccountName: 'null',
  virtualAccountNumber: 'undefined',
});

// What payOS might add or leave out one day, as far as JSON can say it.
const odd = [
  (data) => data,
  ({ counterAccountBankId, virtualAccountName, ...data }) => data,
  (data) => ({ ...data, fee: 1.5, rate: 1e-7, huge: 1e21, zero: -0, big: 9007199254740993 }),
  (data) => ({ ...data, items: [{ z: 1, a: 'đ' }, { y: null, b: '"\n' }], flags: [], isTest: false }),
  (data) => ({ ...data, 10: 'ten', 9: 'nine', '09': 'zero nine', Z: 'Z', 'é': 'é' }),
];

for (let n = 0; n < 40; n += 1) {
  const data = odd[n % odd.length](movement(n));
  const signature = await client.crypto.createSignatureFromObj(data, key);
  const body = JSON.stringify({ code: '00', desc: 'success', success: true, data, signature });
  console.log(JSON.stringify({ by: '@payos/node', key, body }));
}

// Requests for payment links as the package signs them: {"by","key","request"}. It is let speak to nobody.
let sent;
const answering = { code: '00', desc: 'success', data: { orderCode: 1 } };
answering.signature = await client.crypto.createSignatureFromObj(answering.data, key);
const fetch = async (_url, init) => {
  sent = init.body;
  return new Response(JSON.stringify(answering), { status: 200, headers: { 'content-type': 'application/json' } });
};
const maker = new PayOS({ clientId: 'kenh', apiKey: 'khoa-api', checksumKey: key, fetch });
for (let n = 0; n < 24; n += 1) {
  await maker.paymentRequests.create({
    orderCode: n === 0 ? Number.MAX_SAFE_INTEGER : 1000 + n * 7919,
    amount: 1000 + n * 37,
    description: `HT7K2M9${'ABCDEFGHJKMNPQRSTUVWXYZ2'[n]}A`,
    returnUrl: `https://cho.example.vn/don/HT7K2M9QA?n=${n}&x=đơn`,
    cancelUrl: 'https://cho.example.vn/don/HT7K2M9QA',
    ...(n % 2 ? { expiredAt: 1795400000 + n } : {}),
  });
  console.log(JSON.stringify({ by: '@payos/node, links', key, request: sent }));
}
