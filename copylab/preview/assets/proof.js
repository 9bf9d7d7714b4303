// The proof sheet: its print button, which is there only where it can do something.
"use strict";
{
  const show = () => {
    const button = document.getElementById("proof-print");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => print());
  };
  show();
  document.addEventListener("copylab:changed", show);
}
