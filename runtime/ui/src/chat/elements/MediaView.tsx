import { useState } from 'react';

import type { Json } from '../protocol';
import { addressOf } from './address';
import { FileView } from './FileView';
import { Frame, Trouble } from './Frame';
import { maxWidthOf, type ViewProps } from './view';

export function AudioView(props: ViewProps) {
  const { element, sessionId } = props;
  const [isBroken, setBroken] = useState(false);
  const address = addressOf(element, sessionId);
  if (address === null) return <FileView {...props} />;
  return (
    <Frame name={element.name} kind="Audio" address={address}>
      {isBroken ? <Unplayable /> : (
        <audio
          className="block w-full p-2"
          controls
          preload="metadata"
          autoPlay={element.autoPlay === true}
          src={address}
          aria-label={element.name}
          onError={() => setBroken(true)}
        />
      )}
    </Frame>
  );
}

export function VideoView(props: ViewProps) {
  const { element, sessionId } = props;
  const [isBroken, setBroken] = useState(false);
  const address = addressOf(element, sessionId);
  if (address === null) return <FileView {...props} />;
  return (
    <div style={{ maxWidth: `min(100%, ${maxWidthOf(props, 'large')})` }}>
      <Frame name={element.name} kind="Video" address={address}>
        {isBroken ? <Unplayable /> : (
          <video
            className="block aspect-video w-full bg-black"
            controls
            playsInline
            preload="metadata"
            src={address}
            aria-label={element.name}
            onError={() => setBroken(true)}
          >
            {tracksOf(element.playerConfig).map((track) => <track key={track.src} {...track} />)}
          </video>
        )}
      </Frame>
    </div>
  );
}

function Unplayable() {
  return <div className="p-3.5"><Trouble reason="This browser cannot play it here." /></div>;
}

interface Track {
  src: string;
  kind?: string;
  srcLang?: string;
  label?: string;
  default?: boolean;
}

/** Subtitles, where the player's configuration of the Chainlit dialect has them: `file.tracks`. */
function tracksOf(config: Json | undefined): Track[] {
  const tracks = field(field(config, 'file'), 'tracks');
  if (!Array.isArray(tracks)) return [];
  return tracks.flatMap((track) => {
    const src = text(field(track, 'src'));
    if (src === undefined) return [];
    return [{ src, kind: text(field(track, 'kind')), srcLang: text(field(track, 'srcLang')), label: text(field(track, 'label')), default: field(track, 'default') === true }];
  });
}

function field(value: Json | undefined, name: string): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[name] : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
