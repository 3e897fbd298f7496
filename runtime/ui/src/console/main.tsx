import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../shared/theme.css';
import { followTheme } from '../shared/theme';
import { App } from './App';

followTheme();
const root = document.getElementById('root');
if (!root) throw new Error('console.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
