import { lazy, Suspense, useEffect, useRef } from 'react';
import { BrowserRouter, Navigate, Route, Routes, useLocation, useNavigate } from 'react-router';
import { Toaster } from 'sonner';

import { useMedia } from '../shared/media';
import { Tooltips } from '../shared/ui/Button';
import { boot } from './connection/boot';
import { keepSnapshot } from './connection/snapshot';
import { ChatPage } from './shell/ChatPage';
import { ConfirmLeaving } from './shell/confirm';
import { Failed, Loading } from './shell/Notices';
import { Shortcuts } from './shell/Shortcuts';
import { useApp } from './store/app';

const LoginPage = lazy(() => import('./shell/LoginPage'));
const EnvPage = lazy(() => import('./shell/EnvPage'));
const SharePage = lazy(() => import('./shell/SharePage'));
const ElementPage = lazy(() => import('./shell/ElementPage'));

export function App() {
  const isPhone = useMedia('(max-width: 640px)');
  return (
    <BrowserRouter>
      <Tooltips>
        <Suspense fallback={<Whole><Loading label="Loading" /></Whole>}>
          <Routes>
            <Route path="/share/:id" element={<SharePage />} />
            <Route path="*" element={<Gate />} />
          </Routes>
        </Suspense>
        <Toaster position={isPhone ? 'top-center' : 'top-right'} theme="system" closeButton toastOptions={{ className: 'font-sans' }} />
      </Tooltips>
    </BrowserRouter>
  );
}

/** Nobody gets further than they may: first signs in, then gives the keys that are needed. */
function Gate() {
  const phase = useApp((state) => state.phase);
  const requiresLogin = useApp(({ auth }) => auth?.requireLogin);
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const from = useRef('/');

  useEffect(() => {
    void boot();
    window.addEventListener('pagehide', keepSnapshot);
    return () => window.removeEventListener('pagehide', keepSnapshot);
  }, []);
  useEffect(() => {
    const isDoor = /^\/(login|env)/.test(pathname);
    if (!isDoor) from.current = pathname;
    if (phase === 'login' && !pathname.startsWith('/login')) void navigate('/login', { replace: true });
    if (phase === 'env' && pathname !== '/env') void navigate('/env', { replace: true });
    if (phase === 'ready' && isDoor && (pathname !== '/env' || requiresLogin !== undefined)) void navigate(from.current, { replace: true });
  }, [phase, pathname, navigate, requiresLogin]);

  if (phase === 'failed') return <Failed />;
  if (phase === 'loading') return <Whole><Loading label="Loading" /></Whole>;
  return (
    <ConfirmLeaving>
      <Routes>
        <Route path="/login/*" element={phase === 'login' ? <LoginPage /> : null} />
        <Route path="/env" element={phase === 'env' ? <EnvPage /> : null} />
        {phase === 'ready' ? (
          <>
            <Route path="/" element={<ChatPage />} />
            <Route path="/thread/:id" element={<ChatPage />} />
            <Route path="/element/:id" element={<ElementPage />} />
            <Route path="*" element={<Navigate to="/" replace />} />
          </>
        ) : <Route path="*" element={null} />}
      </Routes>
      {phase === 'ready' ? <Shortcuts /> : null}
    </ConfirmLeaving>
  );
}

function Whole({ children }: { children: React.ReactNode }) {
  return <main className="flex h-dvh">{children}</main>;
}
