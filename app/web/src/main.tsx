import "./styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { startLanguage } from "./app/language";
import { startTheme } from "./app/preferences";
import { takeFragment } from "./app/signin";

takeFragment();
startTheme();
const place = document.getElementById("root");
if (place !== null) {
  void startLanguage().then(() => {
    createRoot(place).render(
      <StrictMode>
        <App />
      </StrictMode>,
    );
  });
}
