// Sends the upload form with its progress shown; without this the browser sends the form itself.

const form = document.querySelector("form[data-upload]");
if (form) watchUpload(form);

// A link such as /library#add leads into a folded form: unfold it.
const folded = document.getElementById(location.hash.slice(1));
if (folded?.matches("details")) folded.open = true;

function watchUpload(form) {
  const refusal = form.querySelector("[data-refusal]");
  const progress = form.querySelector("[data-progress]");
  const button = form.querySelector("button");
  showFileName(form.elements.file, form.querySelector("[data-file-name]"));
  form.elements.file.addEventListener("invalid", (event) => {
    event.preventDefault();
    refuse(form.dataset.missing);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    const file = form.elements.file.files[0];
    if (file && file.size > Number(form.dataset.limitBytes)) return refuse(form.dataset.tooLarge);
    begin();
    send(form, show).then(arrived, () => refuse(form.dataset.failed));
  });

  function begin() {
    refusal.hidden = true;
    button.setAttribute("aria-disabled", "true");
    show(0);
  }

  function show(percent) {
    const bar = progress.querySelector("progress");
    const reading = percent >= 100;
    progress.hidden = false;
    if (reading) bar.removeAttribute("value");
    else bar.value = percent;
    const words = reading ? form.dataset.reading : form.dataset.uploading.replace("%", percent);
    progress.querySelector("[data-progress-words]").textContent = words;
  }

  function arrived({ address, reply }) {
    if (reply?.location) location.assign(reply.location);
    else if (reply?.error) refuse(reply.error.message, reply.error.field);
    else if (new URL(address).pathname === "/sign-in") location.assign(address);
    else refuse(form.dataset.failed);
  }

  function refuse(message, field) {
    progress.hidden = true;
    button.removeAttribute("aria-disabled");
    refusal.textContent = message;
    refusal.hidden = false;
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    const wrong = form.elements[field ?? "file"];
    wrong?.setAttribute("aria-invalid", "true");
    wrong?.focus();
    refusal.scrollIntoView({ block: "nearest" });
  }
}

// The browser's own words beside a file field are in the browser's language: ours stand there.
function showFileName(field, name) {
  const show = () => {
    name.textContent = field.files[0]?.name ?? name.dataset.none;
  };
  field.addEventListener("change", show);
  field.form.addEventListener("reset", () => setTimeout(show));
  show();
}

// XMLHttpRequest and not fetch: only it tells how much of a body has gone out.
function send(form, show) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) show(Math.floor((event.loaded / event.total) * 99));
    });
    request.upload.addEventListener("load", () => show(100));
    request.addEventListener("load", () => {
      resolve({ address: request.responseURL, reply: asJson(request.responseText) });
    });
    request.addEventListener("error", reject);
    request.addEventListener("abort", reject);
    request.send(new FormData(form));
  });
}

function asJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
