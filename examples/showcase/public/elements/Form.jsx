// A form that a bot waits for: what it submits is the answer to the bot's question.
import { Button } from "@/components/ui/button"

export default function Form() {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span>{props.title}</span>
      <Button id="form-submit" onClick={() => submitElement({ answer: 42 })}>Submit</Button>
      <Button id="form-cancel" variant="outline" onClick={() => cancelElement()}>Cancel</Button>
    </div>
  )
}
