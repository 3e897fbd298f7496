import { createRoot } from 'react-dom/client';

import '../shared/theme.css';
import { followTheme } from '../shared/theme';
import { App } from './App';

followTheme();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
