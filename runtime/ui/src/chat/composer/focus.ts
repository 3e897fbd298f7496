export function focusComposer(): void {
  const area = document.getElementById('composer');
  if (!(area instanceof HTMLTextAreaElement)) return;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
