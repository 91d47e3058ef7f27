"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { errorText, templatesClient } from "@/lib/contract/client";
import type { ListedTemplate } from "@/lib/contract/workspaces";
import { toast } from "../../ui/toast";

const TEMPLATES_KEY = ["admin", "templates"];

/** Templates as the administrator sees them; the switch shows at once and is taken back when refused. */
export function useTemplateAdmin(initial: ListedTemplate[]) {
  const client = useQueryClient();
  const list = useQuery({
    queryKey: TEMPLATES_KEY,
    queryFn: ({ signal }) => templatesClient.list({ signal }),
    initialData: initial,
  });
  const reload = () => client.invalidateQueries({ queryKey: TEMPLATES_KEY });
  const enable = useMutation({
    mutationFn: ({ template, enabled }: { template: ListedTemplate; enabled: boolean }) =>
      templatesClient.patch(template.id, { enabled }),
    onMutate: async ({ template, enabled }) => {
      await client.cancelQueries({ queryKey: TEMPLATES_KEY });
      setEnabled(template.id, enabled);
    },
    onError: (error, { template }) => {
      setEnabled(template.id, template.enabled);
      toast.error(errorText(error), { id: `template-${template.id}` });
    },
    onSettled: reload,
  });
  function setEnabled(id: string, enabled: boolean) {
    client.setQueryData<ListedTemplate[]>(TEMPLATES_KEY, (all) =>
      all?.map((each) => (each.id === id ? { ...each, enabled } : each)),
    );
  }
  return {
    templates: list.data,
    reload,
    enable: (template: ListedTemplate, enabled: boolean) => enable.mutate({ template, enabled }),
  };
}
