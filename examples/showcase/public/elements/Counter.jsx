// A counter whose state is its props: the server keeps them, so that the count outlives a reload.
// What is not imported here (props, updateElement, …) the page provides.
import { Button } from "@/components/ui/button"

export default function Counter() {
  const countTo = (count) => updateElement({ ...props, count })
  const buttons = [
    { id: "custom-inc", text: "Inc", press: () => countTo(props.count + 1) },
    { id: "custom-del", text: "Del", press: () => deleteElement() },
    { id: "custom-msg", text: "Msg", press: () => sendUserMessage("hello") },
    { id: "custom-act", text: "Act", press: () => callAction({ name: "ping", payload: { from: "custom" } }) },
  ]
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span id="custom-count">Count: {props.count}</span>
      {buttons.map(({ id, text, press }) => (
        <Button key={id} id={id} onClick={press}>{text}</Button>
      ))}
    </div>
  )
}
