// A chat page without a page: npm's Socket.IO client, told what to do by lines of JSON on stdin, telling what happens on stdout.
// Bytes stand as {"$bytes": "BASE64"}. Ends with its input.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const tell = (news) => process.stdout.write(`${JSON.stringify(news)}\n`);
let socket;

function connect(url, auth, cookies) {
  const extraHeaders = cookies ? { cookie: cookies } : {};
  socket = io(url, { path: '/ws/socket.io', auth, extraHeaders, reconnectionDelay: 50, reconnectionDelayMax: 200 });
  socket.on('connect', () => {
    // What the stock page says first.
    socket.emit('connection_successful');
    socket.emit('fetch_favorites');
    tell({ connected: socket.id });
  });
  socket.on('connect_error', (error) => tell({ refused: error.message }));
  socket.on('disconnect', (reason) => tell({ disconnected: reason }));
  socket.onAny((event, ...args) => tell({ event, args: args.map(written) }));
}

function upgrade() {
  const { engine } = socket.io;
  if (engine.transport.name === 'websocket') return tell({ upgraded: true });
  engine.once('upgrade', () => tell({ upgraded: true }));
}

/** A value with its bytes written out. */
function written(value) {
  if (Buffer.isBuffer(value) || value instanceof ArrayBuffer) return { $bytes: Buffer.from(value).toString('base64') };
  return mapped(value, written);
}

/** A value with its bytes as bytes. */
function read(value) {
  if (typeof value?.$bytes === 'string') return Buffer.from(value.$bytes, 'base64');
  return mapped(value, read);
}

function mapped(value, change) {
  if (Array.isArray(value)) return value.map(change);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.connect) connect(order.connect, order.auth, order.cookies);
  else if (order.emit) socket.emit(order.emit, ...order.args.map(read));
  else if (order.break) socket.io.engine.close();
  else if (order.upgrade) upgrade();
}
process.exit(0);
