import { render } from "solid-js/web";
import { App } from "./app";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/parts.css";

render(() => <App />, document.body);
