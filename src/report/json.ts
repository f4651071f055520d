import { z } from 'zod'
import { InternalError } from '../core/errors.ts'
import { type Report, reportSchema } from './model.ts'

/**
 * report.json as text, two spaces deep, checked against its schema first.
 *
 * @throws InternalError when the report is not what the schema says
 */
export const renderJson = (report: Report): string => {
  const checked = reportSchema.safeParse(report)
  if (!checked.success)
    throw new InternalError(
      `The report does not fit its own schema: ${checked.error.issues.map(issueText).join('; ')}`,
      {
        code: 'report-shape',
        cause: checked.error,
      },
    )
  return `${JSON.stringify(report, null, 2)}\n`
}

const issueText = (issue: { path: PropertyKey[]; message: string }): string =>
  `${issue.path.join('.')}: ${issue.message}`

/** The JSON Schema of report.json, for programs that read it: `schemas/report.schema.json`, held current by a test. */
export const reportJsonSchema = (): Record<string, unknown> => ({
  title: 'report.json of idpact',
  ...z.toJSONSchema(reportSchema),
})
