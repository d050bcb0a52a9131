import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const shade = () =>
  root.classList.toggle("dark-mode", (root.dataset["theme"] ?? (dark.matches ? "dark" : "light")) === "dark");
dark.addEventListener("change", shade);
shade();

SwaggerUI({ url: "/api/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null });
