import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` shows the page of this folder with the server of this address behind it.
const server = process.env.CHINWAG_URL ?? 'http://127.0.0.1:8000';
const routes = ['/api', '/auth', '/avatars', '/favicon', '/logo', '/project', '/public', '/user', '/logout', '/feedback', '/set-session-cookie', '/metrics'];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    // Not `assets`: the stock Chainlit page may be served beside this one, and has its own there.
    assetsDir: '_chinwag',
    // Charts and icons are large, and loaded only when a bot shows them.
    chunkSizeWarningLimit: 1500,
    rollupOptions: { input: { index: 'index.html', console: 'console.html' } },
  },
  server: {
    proxy: {
      ...Object.fromEntries(routes.map((route) => [route, server])),
      // The page has an address of that name too.
      '/login': { target: server, bypass: (request) => (request.headers.accept?.includes('text/html') ? '/index.html' : undefined) },
      '/ws': { target: server, ws: true },
    },
  },
});
