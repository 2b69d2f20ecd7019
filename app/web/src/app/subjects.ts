import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { api, given, type Schema } from "@/api/client";
import type { Option } from "@/components/Field";
import { visible } from "@/components/visible";
import { scopeBody, useScope } from "./scope";

const MANY = 500;
const FEW = 20;

type Names = Readonly<Record<string, string>>;

function usePurpose() {
  const { purpose } = scopeBody(useScope());
  return purpose === undefined ? {} : { purpose };
}

/** The patients and matters that the caller may see, a page of them, with the names that the purpose may read. */
export function useSubjects(enabled = true) {
  const query = { limit: MANY, ...usePurpose() };
  return useQuery({
    queryKey: ["subjects", query],
    queryFn: ({ signal }) => given(api.GET("/v1/subjects", { params: { query }, signal })),
    placeholderData: keepPreviousData,
    enabled,
  });
}

/** Those of whom a name or id holds some words. What is sought goes in a body, for addresses are logged on the way. */
export function useFoundSubjects(words: string, limit: number) {
  return useQuery({ ...found({ words, limit, ...usePurpose() }), placeholderData: keepPreviousData });
}

/** What a patient is called, the id where no name is known or may be read. */
export function useSubjectName(subject: string): string {
  const { data } = useQuery({ ...found({ words: subject, limit: FEW, ...usePurpose() }), enabled: subject !== "" });
  return nameOf(subject, data?.names);
}

function found(body: Schema<"SubjectsBody">) {
  return queryOptions({
    queryKey: ["subjects", "found", body],
    queryFn: ({ signal }) => given(api.POST("/v1/subjects/search", { body, signal })),
  });
}

/** Returns a subject's name, made visible; the id where there is none. */
export function nameOf(subject: string, names: Names | undefined): string {
  return visible(names?.[subject] ?? subject);
}

/** Says whether a subject's name or id holds each of some words, in any case and order. */
export function holds(subject: string, names: Names | undefined, words: string): boolean {
  const whole = `${names?.[subject] ?? ""} ${subject}`.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every((word) => whole.includes(word));
}

/** Returns the line of a list in which a subject is chosen: the name, and the id below, which a field then holds. */
export function choiceOf(subject: string, names: Names | undefined, note = ""): Option {
  const label = nameOf(subject, names);
  const below = [label === subject ? "" : subject, note].filter((one) => one !== "").join(" · ");
  return { id: subject, label, text: subject, ...(below === "" ? {} : { note: below }) };
}
