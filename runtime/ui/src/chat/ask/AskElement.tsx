import { useMemo, useState } from 'react';

import { ElementAnswerContext } from '../elements/answer';
import { ElementView } from '../elements/Elements';
import { Spinner } from '../elements/Frame';
import type { Dict } from '../protocol';
import type { AskPanelProps } from './props';

export function AskElement({ ask, elements, sessionId }: AskPanelProps) {
  const [isAnswered, setAnswered] = useState(false);
  const element = elements.find(({ id }) => id === ask.spec.element_id);
  const answer = useMemo(() => {
    const give = (value: Dict) => {
      setAnswered(true);
      ask.answer(value);
    };
    return {
      submit: (values: Dict) => give({ ...values, submitted: true }),
      cancel: () => give({ submitted: false }),
    };
  }, [ask]);
  if (!element) return <Spinner />;
  return (
    <ElementAnswerContext.Provider value={answer}>
      <div className="max-h-[50dvh] overflow-y-auto" {...(isAnswered ? { inert: '' } : {})}>
        <ElementView element={element} sessionId={sessionId} />
      </div>
    </ElementAnswerContext.Provider>
  );
}
