"""An echo and a stream of tokens, as one writes them for Chainlit: `chainlit run app.py --headless --port PORT`."""

import chainlit as cl


@cl.on_message
async def answer(message: cl.Message) -> None:
    words = message.content.split()
    if words[:1] != ["stream"]:
        await cl.Message(content=message.content).send()
        return
    streamed = cl.Message(content="")
    for n in range(int(words[1])):
        await streamed.stream_token(f"t{n} ")
    await streamed.send()
