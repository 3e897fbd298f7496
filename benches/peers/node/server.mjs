// An echo and a stream of tokens on Node's `socket.io`, with the events that Chinwag sends for them: `node server.mjs PORT`.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { path: '/ws/socket.io', serveClient: false, transports: ['websocket'] });

io.on('connection', (socket) => {
  const threadId = randomUUID();

  socket.on('client_message', ({ message }) => {
    const [id, answer, start] = [randomUUID(), randomUUID(), new Date().toISOString()];
    const run = (input, end) => ({
      name: 'on_message', type: 'run', id, threadId, parentId: message.id, streaming: false,
      metadata: { bot: 'echo', turn: id, version: 1 }, tags: null, input, isError: false, output: '', createdAt: start,
      start, end, language: null, defaultOpen: false, autoCollapse: false, showInput: 'json', generation: null,
    });
    const step = (output, end) => ({
      id: answer, threadId, parentId: id, createdAt: start, command: null, modes: null, start, end, output,
      name: 'Assistant', type: 'assistant_message', language: null, streaming: end === null, isError: false,
      waitForAnswer: false, metadata: {}, tags: null,
    });
    socket.emit('task_start', {});
    socket.emit('new_message', run('', null));
    const tokens = /^stream (\d+)/.exec(message.output)?.[1];
    let text = message.output;
    if (tokens) {
      text = 't0 ';
      socket.emit('stream_start', step(text, null));
      for (let n = 1; n < Number(tokens); n += 1) {
        const token = `t${n} `;
        text += token;
        socket.emit('stream_token', { id: answer, token, isSequence: false, isInput: false });
      }
    }
    const end = new Date().toISOString();
    socket.emit('new_message', step(text, end));
    socket.emit('update_message', run(message.output, end));
    socket.emit('task_end', {});
  });
});

http.listen(Number(process.argv[2]), '127.0.0.1');
