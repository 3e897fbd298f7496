import { useContext, useMemo, useRef } from 'react';
import { generateElement, type Scope } from 'react-runner';

import type { Dict, Element } from '../../protocol';
import { ElementAnswerContext } from '../answer';
import { Broken, ErrorBox } from '../ErrorBox';
import { Spinner } from '../Frame';
import { useElementHost } from '../host';
import './component.css';
import { functionsFor, type Functions } from './functions';
import { propsOf, useSameProps } from './props';
import { useProgram, type Program } from './program';

/** A component of `/public/elements`: its maker is who runs the server, so it is trusted like the page itself. */
export default function BotComponent({ element }: { element: Element; sessionId: string }) {
  const program = useProgram(element.name);
  const functions = useFunctions(element);
  const props = useSameProps(propsOf(element));
  if (program.state === 'failed') return <Broken what={element.name} reason={program.reason} />;
  if (program.state === 'loading') return <Spinner label={`Loading ${element.name}`} />;
  return (
    <ErrorBox what={element.name} resetBy={props}>
      <div className={`bot-component ${element.display}-custom`}>
        <Run program={program} functions={functions} props={props} />
      </div>
    </ErrorBox>
  );
}

interface RunProps {
  program: Extract<Program, { state: 'ready' }>;
  functions: Functions;
  props: Dict;
}

/** What throws here is shown by the box around it. */
function Run({ program, functions, props }: RunProps) {
  return useMemo(() => {
    const scope: Scope = { import: program.imports, ...functions, props };
    return generateElement({ code: program.source, scope });
  }, [program, functions, props]);
}

/** The same functions for the component's life, which always know the newest element. */
function useFunctions(element: Element): Functions {
  const host = useElementHost();
  const answer = useContext(ElementAnswerContext);
  const now = useRef({ element, host, answer });
  now.current = { element, host, answer };
  return useMemo(() => functionsFor(() => now.current), []);
}
