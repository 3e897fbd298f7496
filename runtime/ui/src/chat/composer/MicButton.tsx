import { LoaderCircle, Mic, MicOff } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';

import { IconButton } from '../../shared/ui/Button';
import { words } from '../api';
import { emit, listen } from '../connection/socket';
import { useApp } from '../store/app';
import { useChat } from '../store/chat';
import { LevelMeter } from '../voice/LevelMeter';
import { useVoice } from '../voice/useVoice';

const socket = { emit };

export function MicButton() {
  const audio = useApp(({ settings }) => settings?.features.audio);
  return audio?.enabled ? <Microphone sampleRate={audio.sample_rate} /> : null;
}

function Microphone({ sampleRate }: { sampleRate: number }) {
  const voice = useVoice(socket, { sampleRate });
  const link = useChat((state) => state.link);
  const { onConnection, onChunk, onInterrupt } = voice;
  useEffect(
    () => listen({ onAudioConnection: onConnection, onAudioChunk: onChunk, onAudioInterrupt: onInterrupt }),
    [onConnection, onChunk, onInterrupt],
  );
  const { state, stop } = voice;
  // The server forgets who talks when the connection breaks.
  useEffect(() => { if (link !== 'up' && state === 'on') stop(); }, [link, state, stop]);
  const start = () => void voice.start().catch((error: unknown) => toast.error(words(error)));
  if (state === 'connecting') {
    return <IconButton label="Opening the microphone" side="top" disabled><LoaderCircle size={18} className="animate-spin" /></IconButton>;
  }
  if (state === 'on') {
    return (
      <span className="flex items-center gap-2">
        <LevelMeter level={voice.level} label="Microphone" />
        <IconButton label="Stop the microphone" side="top" className="text-bad" onClick={stop}><MicOff size={18} /></IconButton>
      </span>
    );
  }
  return <IconButton label="Talk" side="top" disabled={link !== 'up'} onClick={start}><Mic size={18} /></IconButton>;
}
