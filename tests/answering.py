"""How fast a page in a browser answers its controls, at the size of hospitals."""

ROWS, ALLOWED = 2_927, 200  # accounts; milliseconds until the page has answered
CELLS = ("Grow & leverage", "Protect & repair", "Re-price or release", "Maintain efficiently")
TIMED = """([what, value]) => {
  const control = document.querySelector(what), began = performance.now();
  control.value = value;
  control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input"));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""
