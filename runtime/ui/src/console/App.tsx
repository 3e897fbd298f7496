import { lazy, Suspense } from 'react';
import { BrowserRouter, Link, Route, Routes } from 'react-router';
import { Toaster } from 'sonner';
import { DropZone } from './deploy/DropZone';
import { Shell } from './layout/Shell';
import { Overview } from './overview/Overview';
import { SignIn } from './signin/SignIn';
import { useToken } from './store/token';
import { link } from './ui/classes';
import { Empty, Loading, Page } from './ui/Page';
import { useIsDark } from './ui/useIsDark';

const BotPage = lazy(() => import('./bot/BotPage').then((module) => ({ default: module.BotPage })));
const SessionsPage = lazy(() => import('./sessions/SessionsPage').then((module) => ({ default: module.SessionsPage })));
const ServerPage = lazy(() => import('./server/ServerPage').then((module) => ({ default: module.ServerPage })));

// The server has the console at /console; Vite has it under the name of its file.
const basename = location.pathname.startsWith('/console.html') ? '/console.html' : '/console';

export function App() {
  const isDark = useIsDark();
  const isSignedIn = useToken((store) => store.token !== null);
  return (
    <BrowserRouter basename={basename}>
      {isSignedIn ? <Console /> : <SignIn />}
      <Toaster position="bottom-center" theme={isDark ? 'dark' : 'light'} />
    </BrowserRouter>
  );
}

function Console() {
  return (
    <>
      <Shell>
        <Suspense fallback={<Loading what="the page" />}>
          <Routes>
            <Route index element={<Overview />} />
            <Route path="bots/:name/:tab?" element={<BotPage />} />
            <Route path="sessions" element={<SessionsPage />} />
            <Route path="server" element={<ServerPage />} />
            <Route path="*" element={<Nowhere />} />
          </Routes>
        </Suspense>
      </Shell>
      <DropZone />
    </>
  );
}

function Nowhere() {
  return (
    <Page title="Nothing here">
      <Empty title="The console has no such page.">
        <Link to="/" className={link}>See the bots</Link>
      </Empty>
    </Page>
  );
}
