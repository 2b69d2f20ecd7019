import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** What no page may hold: each is a way for foreign text to become markup, or for a request to leave the server. */
const FORBIDDEN = [
  { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Text is shown as text: <SourceText>." },
  { selector: "Property[key.name='dangerouslySetInnerHTML']", message: "Text is shown as text: <SourceText>." },
  { selector: "AssignmentExpression[left.property.name=/^(innerHTML|outerHTML|srcdoc)$/]", message: "Text is shown as text." },
  { selector: "CallExpression[callee.property.name=/^(insertAdjacentHTML|write|writeln)$/][callee.object.name='document']", message: "Text is shown as text." },
  { selector: "JSXOpeningElement[name.name='style']", message: "Styles live in CSS modules; the policy of the page forbids others." },
  { selector: "JSXOpeningElement[name.name='script']", message: "Scripts are bundled." },
  { selector: "JSXOpeningElement[name.name='iframe']", message: "Nothing is framed." },
  { selector: "Literal[value=/^(https?:)?\\/\\/./]", message: "No address outside of this server." },
  { selector: "TemplateElement[value.raw=/https?:\\/\\//]", message: "No address outside of this server." },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    files: ["**/*.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": ["error", ...FORBIDDEN],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  // Tests hold hostile addresses on purpose.
  { files: ["**/*.test.{ts,tsx}", "vite.config.ts"], rules: { "no-restricted-syntax": "off" } },
);
